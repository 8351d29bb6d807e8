"""VRRP on the wire. What IP says of a packet (`ip`) and the VRRP message in it (`advert`) are apart, so
that something may stand between them, or follow."""
