"""The tablet at a counter: who was served rates there, and nobody else."""
