namespace Appliance.Hosting.Identity;

/// <summary>Why a certificate was not accepted.</summary>
internal enum Refusal
{
    None,
    NoCertificate,
    UnknownAuthority,
    Expired,
    WrongUsage,
    NoIdentity,
    WrongSite,
    WrongRole,
}
