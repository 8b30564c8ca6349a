"""The pure decision engine: facts and a directory in, a decision with its reasons out.

No Django, no clock, no database.

Read in this order: `facts`, `rows`, `reach`, `columns`, `directory`, `capacity`, `filters`,
`outcome`, `match`; then `rules` and `explain`.
"""
