"""Days that once found a fault, in the product or in the simulation itself; each is played in every test run."""

FOUND: dict[int, str] = {
    100403: "the witness took the opening of a counter that was open already for a change that is not stored",
    100731: "the witness looked for a number on paper in the day of the paper, after a wrong clock had begun another",
    406612: "a person confirmed a clock that had jumped by years since: what is kept for days was rightly forgotten",
    102094: "six digits of a person's number, by chance in the key of a block",
}
"""What each seed found."""
