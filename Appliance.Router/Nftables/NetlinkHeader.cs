namespace Appliance.Router.Nftables;

/// <summary>The part of a message's header that an answer is recognised by.</summary>
internal readonly record struct NetlinkHeader(ushort Type, ushort Flags, uint Sequence)
{
    /// <summary>Of the socket that an answer is for, or whose change a notice tells of.</summary>
    public uint Port { get; init; }
}
