// Built from web/src.
