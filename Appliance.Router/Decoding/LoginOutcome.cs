namespace Appliance.Router.Decoding;

/// <summary>What a packet tells about a log-in.</summary>
public enum LoginOutcome : byte
{
    None,
    Failed,
    Succeeded,
}
