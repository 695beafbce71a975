"""The tests mirror the package; `fixtures` holds what they share, `bench` what is measured."""
