namespace Appliance.Hosting.Enrollment;

/// <summary>Has a new key of this node signed for the identity that the node has: by the router, or on the router by itself. Gives the certificate in DER.</summary>
public delegate Task<byte[]> CertificateSigner(byte[] signingRequest, CancellationToken cancellationToken);
