"""The LALR(1) table of grammar/keepalived.lark, as `make grammar` writes it.

What a symbol does in a state: a number goes on to that state, a pair reduces the last so many values
to a symbol. The first state is where reading starts.
"""

TABLE: tuple[dict[str, int | tuple[str, int]], ...] = (
    {"$END": ("entries", 0), "STATEMENT": ("entries", 0), "configuration": 1, "entries": 2},
    {},
    {"$END": ("configuration", 1), "STATEMENT": 3, "block": 4},
    {"$END": ("entries", 2), "CLOSE": ("entries", 2), "OPEN": 5, "STATEMENT": ("entries", 2)},
    {"$END": ("entries", 2), "CLOSE": ("entries", 2), "STATEMENT": ("entries", 2)},
    {"CLOSE": ("entries", 0), "STATEMENT": ("entries", 0), "entries": 6},
    {"CLOSE": 7, "STATEMENT": 3, "block": 4},
    {"$END": ("block", 4), "CLOSE": ("block", 4), "STATEMENT": ("block", 4)},
)
