"""Trains: `python -m bertviz_app.training`."""

import os

from bertviz_app.training.command import main

if __name__ == "__main__":
    os.environ["TOKENIZERS_PARALLELISM"] = "true"  # whole books, not two sentences
    raise SystemExit(main())
