namespace Appliance.Router.Decoding;

/// <summary>What a packet tells about a log-in.</summary>
internal enum LoginOutcome : byte
{
    None,
    Failed,
    Succeeded,
}
