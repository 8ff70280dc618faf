"""A hall's days under one seeded scheduler that owns clock, chance, network, disk and printers (decision 25)."""
