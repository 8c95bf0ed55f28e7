"""What a release consists of and how it is checked: shards, manifest, card, verification, loading.

How its rows come about lives in `build`.
"""
