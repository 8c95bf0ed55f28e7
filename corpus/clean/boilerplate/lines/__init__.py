"""Documents as lines: what each line looks like, which phrases it is, which lines repeat, where the article is.

Computed for many documents at once, as arrays; `page` has the same for one document, as the rules read it.
"""
