"""Law as data, read by pure functions: no Django, no database, nothing of the rest (DESIGN §7).

It lies in a sealed app that the router cannot import: what is said of a person's status reaches the
rules here, and through them the offers on her page, and nothing else.
"""
