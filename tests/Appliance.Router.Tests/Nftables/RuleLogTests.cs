using System.Net;
using Appliance.Hosting.Health;
using Appliance.Router.Decoding;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Nftables;

/// <summary>Real packets of rules that log, as the kernel tells of them.</summary>
public sealed class RuleLogTests
{
    private const string LogAll = "table inet lab {\n  chain output {\n    type filter hook output priority 0;\n    udp dport 9 log prefix \"appliance rule all \" group 17\n  }\n}\n";

    private readonly HealthBoard _board = new(TimeProvider.System);
    private readonly RuleLogFigures _figures = new();
    private readonly RecordingLogger<RuleLogWatch> _log = new();

    [Fact]
    public async Task A_packet_of_a_rule_that_logs_has_a_line_in_both_families()
    {
        using var lab = new Lab();
        using var choice = Choose(lab.Gateway);
        await choice.Open().ApplyAsync(new FirewallState([], []) { Policy = Policy() }, CancellationToken.None);
        using var watch = await WatchAsync(choice, TimeProvider.System);

        var isThrough = lab.Reaches(Lab.ClientAddress, Lab.ServerAddress) || lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6);
        var first = await NextAsync();
        var second = await NextAsync();
        await watch.StopAsync(CancellationToken.None);

        Assert.False(isThrough);
        Assert.Matches(@"^Rule no-servers: udp from 10\.71\.1\.2:\d+ to 10\.71\.2\.2:\d+, in by lan, out by wan\.$", first);
        Assert.Matches(@"^Rule no-servers: udp from \[fd71:1::2\]:\d+ to \[fd71:2::2\]:\d+, in by lan, out by wan\.$", second);
        Assert.Equal((2, 0, 0), (_figures.LoggedCount, _figures.PassedOverCount, _figures.LostCount));
    }

    [Fact]
    public async Task A_flood_has_fifty_lines_a_second_and_the_rest_is_counted()
    {
        using var place = new TestNamespace();
        using var choice = Choose(place);
        choice.Open();
        place.NftScript(LogAll);
        var clock = new FakeTimeProvider();
        using var watch = await WatchAsync(choice, clock);

        Send(place, 200);
        await ReachAsync(200);
        clock.Advance(TimeSpan.FromSeconds(1));
        Send(place, 60);
        await ReachAsync(260);
        await watch.StopAsync(CancellationToken.None);

        Assert.Equal((100, 160, 0), (_figures.LoggedCount, _figures.PassedOverCount, _figures.LostCount));
        Assert.Equal(100, _log.Messages.Count);
    }

    [Fact]
    public void What_the_kernel_had_no_room_for_is_counted_to_the_packet()
    {
        using var place = new TestNamespace();
        place.NftScript(LogAll);
        var socket = place.OpenNetlink();
        using var log = RuleLogSocket.Open(socket);
        socket.SetReceiveBuffer(4096);

        Send(place, 1000);
        var (heard, lost) = (0L, 0L);
        // The last are told of only when there is room again, so others follow until all are accounted for.
        var sent = 1000;
        for (var step = 0; step < 500 && heard + lost < 1000; step++)
        {
            lost += log.Step((in _) => heard++);
            if (step % 10 == 9)
            {
                Send(place, 1);
                sent++;
            }
        }

        Assert.InRange(heard, 1, 999);
        Assert.InRange(lost, 1, 999);
        Assert.InRange(heard + lost, 1000, sent);
    }

    [Fact]
    public void Packets_that_others_log_are_none_of_ours()
    {
        using var place = new TestNamespace();
        place.NftScript(LogAll.Replace("appliance rule all ", "somebody else ", StringComparison.Ordinal));
        using var log = RuleLogSocket.Open(place.OpenNetlink());

        Send(place, 1);
        place.NftScript("flush ruleset\n" + LogAll);
        Send(place, 1);
        var ids = new List<string>();
        while (ids.Count == 0)
        {
            log.Step((in packet) => ids.Add(packet.RuleId));
        }

        Assert.Equal(["all"], ids);
    }

    [Fact]
    public async Task A_group_that_somebody_else_reads_is_told()
    {
        using var place = new TestNamespace();
        using var other = RuleLogSocket.Open(place.OpenNetlink());
        using var choice = Choose(place);

        using var watch = await WatchAsync(choice, TimeProvider.System);
        await watch.StopAsync(CancellationToken.None);

        var part = _board.Snapshot.Single();
        Assert.Equal((RuleLogWatch.Part, PartState.Degraded), (part.Part, part.State));
        Assert.Contains("nflog group 17", part.Text);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_message_that_is_cut_anywhere_is_read_or_refused(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var whole = new MessageReader(bytes);
        Assert.True(whole.TryRead(out _, out var payload));
        Assert.True(LogCodec.TryRead(payload, out var packet));

        var readCount = 0;
        for (var length = 0; length < payload.Length; length++)
        {
            readCount += LogCodec.TryRead(payload[..length], out var cut) && cut.RuleId != packet.RuleId ? 1 : 0;
        }

        Assert.Equal(0, readCount);
        Assert.NotEqual(0, packet.DestinationPort);
    }

    public static TheoryData<string> Samples() => [.. LogSamples.All];

    private static FirewallPolicy Policy() => new(
        [new Zone("lan", ["lan"]), new Zone("wan", ["wan"]) { IsOutside = true }],
        [],
        new Protections(),
        [new PolicyRule("no-servers", "No servers", 10, new RuleMatch { SourceZones = ["lan"], DestinationZones = ["wan"] }, RuleAction.Drop) { IsLogged = true }]);

    private static FirewallChoice Choose(TestNamespace place) =>
        new(Options.Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = place.Name }), TimeProvider.System);

    private static void Send(TestNamespace place, int packets)
    {
        using var sender = Lab.OpenUdp(place, "127.0.0.1");
        using var receiver = Lab.OpenUdp(place, "127.0.0.1", 9);
        for (var packet = 0; packet < packets; packet++)
        {
            sender.SendTo([1], new IPEndPoint(IPAddress.Loopback, 9));
        }
    }

    private async Task<RuleLogWatch> WatchAsync(FirewallChoice choice, TimeProvider clock)
    {
        var watch = new RuleLogWatch(choice, _figures, _board, clock, _log);
        await watch.StartAsync(CancellationToken.None);
        await _board.WatchAsync(TestContext.Current.CancellationToken).FirstAsync(TestContext.Current.CancellationToken);
        return watch;
    }

    private Task<string> NextAsync() => _log.Lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private async Task ReachAsync(int packets)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (_figures.LoggedCount + _figures.PassedOverCount < packets)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
