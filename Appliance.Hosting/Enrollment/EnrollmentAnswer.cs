namespace Appliance.Hosting.Enrollment;

/// <summary>How a node's request stands at the router: waiting, refused, or granted with the certificate in DER.</summary>
public sealed record EnrollmentAnswer(string RequestId, bool IsRefused, byte[]? Certificate);
