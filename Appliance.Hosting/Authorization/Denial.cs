namespace Appliance.Hosting.Authorization;

/// <summary>Why a call was refused before it reached its service.</summary>
internal enum Denial
{
    None,
    NoIdentity,
    CertificateExpired,
    CertificateRevoked,
    SessionRefused,
    MethodNotListed,
    CallerNotAllowed,
    MethodNotServed,
}
