namespace Appliance.Evaluation.Windows;

/// <summary>How suspicious one window was to each way of detecting; only the order of the values of one way means anything.</summary>
internal struct WindowScore
{
    /// <summary>Severity and, behind the point, confidence of the gravest alert that the window gave evidence for.</summary>
    public double Product;

    public double PacketsSent;

    public double PacketsReceived;

    /// <summary>Addresses that the host opened a flow to for the first time.</summary>
    public double NewDestinations;

    /// <summary>1 where a default threshold of Zeek was exceeded.</summary>
    public double Zeek;

    public readonly double Of(Method method) => method switch
    {
        Method.Product => Product,
        Method.Rate => Math.Max(PacketsSent, PacketsReceived),
        Method.NewDestination => NewDestinations,
        _ => Zeek,
    };
}
