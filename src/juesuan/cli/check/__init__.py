"""The reviewer's commands: read, check, diff, rule."""
