"""The campaign: every engine against the reference, on very many made-up people and rulebooks, in processes of their own.

Run it as `python -m tests.campaign`, from the top of the repository; `--help` lists its options. `python -m tests.campaign.endurance` looks at memory.
"""
