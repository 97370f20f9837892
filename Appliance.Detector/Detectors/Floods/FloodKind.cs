namespace Appliance.Detector.Detectors.Floods;

/// <summary>What a destination is flooded with; each kind has a sum of its own.</summary>
internal enum FloodKind : byte
{
    /// <summary>SYNs without an answer, few ports.</summary>
    Syn,

    /// <summary>Answered and never completed.</summary>
    HalfOpen,

    /// <summary>Unanswered datagrams, few ports.</summary>
    Udp,

    Dhcp,

    Icmp,

    /// <summary>TCP packets of no connection.</summary>
    Stray,

    /// <summary>SYNs or datagrams over many ports.</summary>
    Spread,
}
