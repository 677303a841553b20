"""The values that all subjects share: numbers, times, documents, words, instruments, errors.

Enter at `fields.Value`, the base of the immutable value classes, and at `errors`, the tree of all errors.

1. Numbers are exact decimals (`numbers`); a float is refused. Only `quotient` rounds: half-even at 36 fraction digits.
2. Times are aware, in UTC, with microseconds (`times`).
3. Equal values have the same canonical form (`canonical`, docs/reference/canonical-bytes.md), and reading it back gives
   the same value.
4. A value is checked once, when it is created, and never changes.
5. Vocabularies are closed; names follow FIX where FIX has one (`vocabulary`).
"""
