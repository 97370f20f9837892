using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

public sealed class KernelSetsTests
{
    private static readonly SetName Hosts = new("lab", "hosts", TargetKind.Address4);
    private static readonly SetName Hosts6 = new("lab", "hosts6", TargetKind.Address6);
    private static readonly SetName Stations = new("lab", "stations", TargetKind.Mac);
    private static readonly SetName Limits = new("lab", "capped", TargetKind.Address4);
    private static readonly SetName Absent = new("lab", "absent", TargetKind.Address4);

    private const string Script = """
        table inet lab {
          counter seen { packets 7 bytes 700 }
          set hosts { type ipv4_addr; flags timeout; }
          set hosts6 { type ipv6_addr; flags timeout; }
          set stations { type ether_addr; flags timeout; }
          set capped { type ipv4_addr; flags timeout; limit rate over 5/second; }
          set three { type ipv4_addr; size 3; flags timeout; }
        }
        """;

    [Fact]
    public void Elements_of_every_kind_are_seen_by_nft()
    {
        using var place = new TestNamespace();
        place.NftScript(Script);
        using var sets = place.OpenSets();

        sets.Put([
            new(Hosts, [Element("10.1.2.3", 60)]),
            new(Hosts6, [Element("fd00::1:2", 60)]),
            new(Stations, [Element("02:00:5e:00:53:01", 60)]),
            new(Limits, [Element("10.1.2.4", 60, 700), Element("10.1.2.5", 60, BlockAdmission.MaxPacketsPerSecond)]),
        ]);

        Assert.Contains("10.1.2.3 timeout 1m expires", place.Nft("list", "set", "inet", "lab", "hosts"));
        Assert.Contains("fd00::1:2 timeout 1m expires", place.Nft("list", "set", "inet", "lab", "hosts6"));
        Assert.Contains("02:00:5e:00:53:01 timeout 1m expires", place.Nft("list", "set", "inet", "lab", "stations"));
        Assert.Contains("10.1.2.4 limit rate over 700/second burst 70 packets timeout 1m expires", place.Nft("list", "set", "inet", "lab", "capped"));
        Assert.Contains("10.1.2.5 limit rate over 1000000/second burst 100000 packets timeout 1m expires", place.Nft("list", "set", "inet", "lab", "capped"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Putting_an_element_again_extends_it(bool canDestroy)
    {
        using var place = new TestNamespace();
        place.NftScript(Script);
        using var sets = place.OpenSets(canDestroy);
        sets.Put([new(Hosts, [Element("10.1.2.3", 60)])]);

        sets.Put([new(Hosts, [Element("10.1.2.3", 600), Element("10.1.2.4", 60)])]);

        var held = sets.List(Hosts).ToDictionary(element => element.Key, element => element);
        Assert.Equal(2, held.Count);
        Assert.Equal(TimeSpan.FromSeconds(600), held[Target("10.1.2.3")].Timeout);
        Assert.InRange(held[Target("10.1.2.3")].Remaining, TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(600));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Removing_is_content_with_elements_already_gone(bool canDestroy)
    {
        using var place = new TestNamespace();
        place.NftScript(Script);
        using var sets = place.OpenSets(canDestroy);
        sets.Put([new(Hosts, [Element("10.1.2.3", 60), Element("10.1.2.4", 60)])]);

        sets.Remove([new(Hosts, [Element("10.1.2.3", 0), Element("10.9.9.9", 0)])]);

        Assert.Equal([Target("10.1.2.4")], sets.List(Hosts).Select(element => element.Key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_set_is_named(bool canDestroy)
    {
        using var place = new TestNamespace();
        place.NftScript(Script);
        using var sets = place.OpenSets(canDestroy);

        var error = Assert.Throws<KernelRefusedException>(() => sets.Put([new(Absent, [Element("10.1.2.3", 60)])]));
        var listing = Assert.Throws<KernelRefusedException>(() => sets.List(Absent));

        Assert.Equal((KernelFault.SetMissing, -2), (error.Fault, error.Error));
        Assert.Contains("absent", error.Message);
        Assert.Equal(KernelFault.SetMissing, listing.Fault);
    }

    [Fact]
    public void Raw_answers_carry_the_kernels_error_numbers()
    {
        using var place = new TestNamespace();
        place.NftScript(Script);
        using var sets = place.OpenSets();
        sets.Put([new(Hosts, [Element("10.1.2.3", 60)])]);

        Assert.Equal((KernelFault.ElementExists, -17), Ask(place, NetlinkProtocol.NewElement, NetlinkProtocol.Create | NetlinkProtocol.Exclusive, Hosts, Element("10.1.2.3", 60)));
        Assert.Equal((KernelFault.ElementMissing, -2), Ask(place, NetlinkProtocol.DeleteElement, 0, Hosts, Element("10.1.2.9", 0)));
        Assert.Equal((KernelFault.SetMissing, -2), Ask(place, NetlinkProtocol.DeleteElement, 0, Absent, Element("10.1.2.9", 0)));
        Assert.Equal((KernelFault.Malformed, -22), Ask(place, NetlinkProtocol.NewElement, NetlinkProtocol.Create, Hosts, Element("fd00::1", 60)));
    }

    [Fact]
    public void A_full_set_refuses_the_whole_batch()
    {
        using var place = new TestNamespace();
        place.NftScript(Script);
        using var sets = place.OpenSets();
        var three = new SetName("lab", "three", TargetKind.Address4);

        var error = Assert.Throws<KernelRefusedException>(() => sets.Put([new(three, [.. Many(5, 60)])]));

        Assert.Equal(KernelFault.SetFull, error.Fault);
        Assert.Empty(sets.List(three));
    }

    [Fact]
    public void Thousands_of_elements_go_in_and_come_out()
    {
        using var place = new TestNamespace();
        place.NftScript(Script);
        using var sets = place.OpenSets();

        sets.Put([new(Hosts, [.. Many(4321, 60)])]);

        // The kernel grows its hash table in the background, and a dump meanwhile passes elements over.
        var count = 0;
        for (var tries = 0; tries < 200 && count != 4321; tries++)
        {
            count = sets.List(Hosts).Select(element => element.Key).Distinct().Count();
        }

        Assert.Equal(4321, count);
    }

    [Fact]
    public void Named_counters_are_read()
    {
        using var place = new TestNamespace();
        place.NftScript(Script);
        using var sets = place.OpenSets();

        var counters = sets.ReadCounters("lab");

        Assert.Equal([new CounterReading("seen", 7, 700)], counters);
    }

    private static (KernelFault Fault, int Error) Ask(TestNamespace place, ushort type, ushort flags, SetName set, SetElement element)
    {
        using var socket = place.OpenNetlink();
        var batch = new NetlinkBatch(1, 1, 1);
        batch.Add(type, flags, set, [element]);
        batch.End();
        socket.Send(batch.Written);
        var reader = new MessageReader(socket.Receive(new byte[4096]));
        Assert.True(reader.TryRead(out var header, out var payload));
        Assert.True(Acknowledgement.TryRead(header, payload, out var answer));
        return (KernelFaultName.Of(answer, batch.Parts[0].ElementsOffset), answer.Error);
    }

    private static IEnumerable<SetElement> Many(int count, int seconds) =>
        Enumerable.Range(1, count).Select(index => new SetElement(new BlockTarget(TargetKind.Address4, 0x0A000000u + (uint)index), TimeSpan.FromSeconds(seconds), 0));

    private static SetElement Element(string key, int seconds, int packetsPerSecond = 0) => new(Target(key), TimeSpan.FromSeconds(seconds), packetsPerSecond);
}
