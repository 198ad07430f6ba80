"""Campaign: every engine against the reference, on many random people and rulebooks, each in its own process.

Run `python -m tests.campaign` in the top of the repository; `--help` lists its options.
`python -m tests.campaign.endurance` measures memory.
"""
