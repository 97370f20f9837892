namespace Appliance.Hosting.Identity;

/// <summary>Why a certificate was not accepted.</summary>
internal enum Refusal
{
    None,
    NoCertificate,
    UnknownAuthority,
    Expired,
    Revoked,
    WrongUsage,
    NoIdentity,
    WrongSite,
    WrongRole,
}
