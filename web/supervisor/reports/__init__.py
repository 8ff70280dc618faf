"""The report pages: what the hall's figures say of any days, to read, to print and to take along."""
