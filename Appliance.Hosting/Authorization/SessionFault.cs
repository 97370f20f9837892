namespace Appliance.Hosting.Authorization;

/// <summary>Why a session's token does not count.</summary>
internal enum SessionFault
{
    None,
    Unreadable,
    WrongSigner,
    WrongHolder,
    Expired,
    Ended,
}
