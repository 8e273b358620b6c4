Lists of revoked certificates, states of single ones (OCSP) and time stamps (RFC 3161) of our own for SM2 and P-256, at `/trust/`; the openssl program accepts them.
