"""Starts the window or a command: `python -m bertviz_app`."""

from bertviz_app.app import main

if __name__ == "__main__":
    raise SystemExit(main())
