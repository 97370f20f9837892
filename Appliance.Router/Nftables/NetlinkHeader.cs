namespace Appliance.Router.Nftables;

/// <summary>The part of a message's header that an answer is recognised by.</summary>
internal readonly record struct NetlinkHeader(ushort Type, ushort Flags, uint Sequence);
