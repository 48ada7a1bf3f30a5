// progressive extras
