"""Says Vietnamese and English without any network: how numbers are read, how speech is made, and when it is heard."""
