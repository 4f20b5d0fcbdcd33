// A certificate for localhost that signs itself, and its key. They are for tests only and protect nothing. They were made
// once, because no program that makes them is on every machine: `openssl req -x509 -newkey ec -days 36500 …`.

export const certificate = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUYXdWkLLGKE7uUlooW7KV/rIQfngwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODEyMjUxOVoYDzIxMjYxMTA0
MTIyNTE5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATAXV94lEOCBAW3B99bg+WJ+9f+ca4YclYad5WHyGuMHYmXQ5HZVGzN
0mp/Mz1bX8VR3kk+8XPjHInQzvAu/FKbo2kwZzAdBgNVHQ4EFgQUNUVJ+4sARntf
oEyCGx+wIFe00DgwHwYDVR0jBBgwFoAUNUVJ+4sARntfoEyCGx+wIFe00DgwFAYD
VR0RBA0wC4IJbG9jYWxob3N0MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID
RwAwRAIgYjoDldnJKs1GRkjelgqiKqZPt6wUxqpXMikvZHQe2cYCIDgBM2xLYAtm
VOUsmB/E/WLM6sPmv979z5QM3yYauOqf
-----END CERTIFICATE-----
`

export const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7lNmNt6Z2S9khU/+
t9KutQv0SqqNvkuJ+6xyEsZ8+rehRANCAATAXV94lEOCBAW3B99bg+WJ+9f+ca4Y
clYad5WHyGuMHYmXQ5HZVGzN0mp/Mz1bX8VR3kk+8XPjHInQzvAu/FKb
-----END PRIVATE KEY-----
`
