namespace Appliance.Detector.Detectors.Floods;

/// <param name="Rate">What is borne for ever, a second.</param>
/// <param name="Excess">How much above it is not.</param>
internal readonly record struct FloodLimit(double Rate, double Excess)
{
    public static FloodLimit[] ByKind(FloodOptions options)
    {
        var limits = new FloodLimit[(int)FloodKind.Spread + 1];
        limits[(int)FloodKind.Syn] = new(options.SynRate, options.SynExcess);
        limits[(int)FloodKind.HalfOpen] = new(options.HalfOpenRate, options.HalfOpenExcess);
        limits[(int)FloodKind.Udp] = new(options.UdpRate, options.UdpExcess);
        limits[(int)FloodKind.Dhcp] = new(options.DhcpRate, options.DhcpExcess);
        limits[(int)FloodKind.Icmp] = new(options.IcmpRate, options.IcmpExcess);
        limits[(int)FloodKind.Stray] = new(options.StrayRate, options.StrayExcess);
        limits[(int)FloodKind.Spread] = new(options.SpreadRate, options.SpreadExcess);
        return limits;
    }
}
