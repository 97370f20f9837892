using Appliance.Router.Capture;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Routers;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Decoding.Routers;

/// <summary>What a real router daemon announces.</summary>
public sealed class RealRouterTests
{
    private const string Program = "/usr/sbin/radvd";
    private const string Settings = """
        interface far0 {
          AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultLifetime 900; AdvDefaultPreference high; AdvOtherConfigFlag on; AdvLinkMTU 1480;
          prefix 2001:db8:1::/64 { AdvOnLink on; AdvAutonomous on; AdvValidLifetime 86400; AdvPreferredLifetime 14400; };
          RDNSS 2001:db8:1::53 fd00::53 { AdvRDNSSLifetime 600; };
          DNSSL home.example lan { AdvDNSSLLifetime 600; };
        };
        """;

    [Fact]
    public async Task Radvd_is_read_as_it_was_set()
    {
        Assert.SkipUnless(File.Exists(Program), $"Needs {Program} (radvd).");
        using var cable = new VethPair();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("radvd.conf"), Settings, TestContext.Current.CancellationToken);
        using var ring = cable.InNear(() => new PacketRing(VethPair.Near, new CaptureOptions(), TimeProvider.System));
        var sink = new FirstAdvertisement();
        using var stop = new CancellationTokenSource();
        var path = new PacketPath(new FlowOptions { Capacity = 4096 }, sink, null, sink);
        var run = Task.Run(() => path.RunAsync(ring, stop.Token), CancellationToken.None);

        using var router = cable.InFar(() => Command.Start(Program, "-n", "-m", "stderr", "-C", folder.File("radvd.conf"), "-p", folder.File("radvd.pid")));
        try
        {
            await sink.Told.WaitAsync();
        }
        finally
        {
            router.Kill();
            await stop.CancelAsync();
            await run;
        }

        var fact = sink.Fact!;
        Assert.Equal(fact.Origin.SourceMac, fact.RouterMac);
        Assert.Equal((TimeSpan.FromMinutes(15), RouterPreference.High, false, true, 1480u), (fact.Lifetime, fact.Preference, fact.IsManaged, fact.HasOtherConfiguration, fact.Mtu));
        Assert.Equal([new(Frames.Value("2001:db8:1::"), 64, IsOnLink: true, IsAutonomous: true, TimeSpan.FromDays(1), TimeSpan.FromHours(4))], fact.Prefixes);
        Assert.Equal([Frames.Value("2001:db8:1::53"), Frames.Value("fd00::53")], fact.DnsServers);
        Assert.Equal(["home.example", "lan"], fact.SearchDomains);
    }

    private sealed class FirstAdvertisement : IFlowEventSink, IFactSink
    {
        public SyncPoint Told { get; } = new();

        public RouterAdvertisementFact? Fact { get; private set; }

        public void Accept(in FlowEvent flowEvent)
        {
        }

        public void Accept(Fact fact, long time)
        {
            if (fact is RouterAdvertisementFact advertisement && Fact is null)
            {
                Fact = advertisement;
                Told.Reach();
            }
        }
    }
}
