"""The exact rules, a module for each idea, and a user's own.

Each takes a page and answers lines with the name of a rule.
"""
