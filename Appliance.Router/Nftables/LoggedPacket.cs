namespace Appliance.Router.Nftables;

/// <summary>A packet that a rule has logged: the rule, the interfaces by number (0 for none), and who sent it to whom; of its content nothing.</summary>
internal readonly record struct LoggedPacket(string RuleId, uint InInterface, uint OutInterface, UInt128 Source, UInt128 Destination, byte Protocol)
{
    /// <summary>0 where the protocol has none, and in all fragments but the first.</summary>
    public ushort SourcePort { get; init; }

    public ushort DestinationPort { get; init; }
}
