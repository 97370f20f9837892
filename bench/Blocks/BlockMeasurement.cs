using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Appliance.Benchmarks.Live;
using Appliance.Benchmarks.Traffic;
using Appliance.Router.Nftables;
using Appliance.Router.Response;
using Appliance.Router.Rules;

namespace Appliance.Benchmarks.Blocks;

/// <summary>From an alert in the Router's hands to the first packet that the kernel drops, beside two large sets.</summary>
internal static class BlockMeasurement
{
    private const int Large = 100_000;
    private const uint FirstOffender = 0xC612_0000;
    private const uint FirstPeerOffender = 0xC613_0000;
    private const int PeerRounds = 20;

    /// <param name="arguments">Blocks to time; optional.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1000;
        var folder = Directory.CreateTempSubdirectory("apt-bench-").FullName;
        try
        {
            using var cable = new Cable();
            using var gateway = new Gateway(cable.Near, folder);
            await gateway.LoadAsync();
            Load(cable.Near, LargeSets());
            using var sender = new Sender(cable.Far, Cable.Interface, [Datagram.Bytes(Cable.NearStation, FirstOffender, Address(Cable.NearAddress))]);
            await TimeAsync(gateway, sender, rounds / 10, 0);
            var before = gateway.Drops;
            var (dropped, durable) = await TimeAsync(gateway, sender, rounds, rounds);
            var drops = gateway.Drops - before;
            var peer = TimePeer(cable.Near, sender);
            return Report(dropped, durable, peer, drops);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The same block by nft's command line, in the same set beside the same large ones.</summary>
    private static double[] TimePeer(NetworkNamespace place, Sender sender)
    {
        var times = new double[PeerRounds];
        for (var round = 0; round < PeerRounds; round++)
        {
            var source = FirstPeerOffender + (uint)round;
            Datagram.SetSource(sender.Frame(0), source);
            var start = TimeProvider.System.GetTimestamp();
            Load(place, $"add element inet {BaseRuleset.Table} {BaseRuleset.Blocked4.Name} {{ {new BlockTarget(TargetKind.Address4, source)} timeout 1h }}\n");
            sender.Send();
            times[round] = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        }

        return times;
    }

    private static int Report(double[] dropped, double[] durable, double[] peer, long drops)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{dropped.Length} alerts, each followed by one packet of its source; the kernel dropped {drops} of them."));
        Console.WriteLine();
        Console.WriteLine("| from the alert | p50 ms | p99 ms | most ms |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        Write("to the first packet dropped", dropped);
        Write("to the block on disk (fsync)", durable);
        Write($"to the first packet dropped, by `nft -f -` ({PeerRounds} times)", peer);
        return drops == dropped.Length ? 0 : 1;
    }

    private static void Write(string what, double[] times)
    {
        Array.Sort(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {times[times.Length / 2]:0.00} | {times[times.Length * 99 / 100]:0.00} | {times[^1]:0.00} |"));
    }

    private static async Task<(double[] Dropped, double[] Durable)> TimeAsync(Gateway gateway, Sender sender, int rounds, int first)
    {
        double[] dropped = new double[rounds], durable = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            var source = FirstOffender + (uint)(first + round);
            Datagram.SetSource(sender.Frame(0), source);
            var alert = Alert(source, first + round);
            var start = TimeProvider.System.GetTimestamp();
            // Over a virtual cable the packet is through the rules when the call returns.
            gateway.OnKernel = () =>
            {
                sender.Send();
                dropped[round] = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            };
            await gateway.Responder.AnswerAsync(alert, CancellationToken.None);
            durable[round] = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        }

        return (dropped, durable);
    }

    private static AlertFacts Alert(uint source, int number) => new(
        $"alert-{number}",
        "scan",
        AlertSeverity.High,
        0.99,
        new BlockTarget(TargetKind.Address4, source).ToString(),
        default,
        IsSourceConfirmed: true,
        [Cable.NearAddress],
        TimeProvider.System.GetUtcNow());

    private static uint Address(string text) => BinaryPrimitives.ReadUInt32BigEndian(System.Net.IPAddress.Parse(text).GetAddressBytes());

    // Both are looked up by every packet, as a site's feeds are.
    private static string LargeSets()
    {
        var text = new StringBuilder("table inet feeds {\n set networks { type ipv4_addr; flags interval; elements = { ");
        text.AppendJoin(',', Enumerable.Range(0, Large).Select(index => new BlockTarget(TargetKind.Address4, 0x0B00_0000u + ((uint)index << 8)) + "/25"));
        text.Append(" }\n }\n set hosts { type ipv4_addr; flags timeout; elements = { ");
        text.AppendJoin(',', Enumerable.Range(0, Large).Select(index => new BlockTarget(TargetKind.Address4, 0x0A80_0000u + (uint)index) + " timeout 1h"));
        text.Append(" }\n }\n chain input { type filter hook input priority -10; policy accept;\n");
        return text.Append("  ip saddr @networks drop\n  ip saddr @hosts drop\n }\n}\n").ToString();
    }

    private static void Load(NetworkNamespace place, string script)
    {
        var start = new ProcessStartInfo(NftProgram.NsenterPath, [$"--net={place.Path}", NftProgram.NftPath, "-f", "-"]) { UseShellExecute = false, RedirectStandardInput = true };
        using var nft = Process.Start(start)!;
        nft.StandardInput.Write(script);
        nft.StandardInput.Close();
        nft.WaitForExit();
        if (nft.ExitCode != 0)
        {
            throw new InvalidOperationException($"nft ended with {nft.ExitCode} on a script of {script.Length} characters.");
        }
    }
}
