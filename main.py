"""Starts the window from a checkout: `python main.py`."""

from bertviz_app.app import main

if __name__ == "__main__":
    raise SystemExit(main())
