"""Which observations may stand together: vintages, lines, preferred values, mirror pairs, competing figures."""
