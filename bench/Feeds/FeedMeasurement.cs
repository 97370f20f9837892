using System.Diagnostics;
using System.Globalization;
using System.Text;
using Appliance.Benchmarks.Live;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Benchmarks.Feeds;

/// <summary>P5: a feed of 100 000 replaced from its file into the kernel, beside nft reading a script of the same sets, and what it leaves in the Router's memory.</summary>
internal sealed class FeedMeasurement : IDisposable
{
    private const int Half = 50_000;
    private const string FeedId = "measured";
    private const double Mebi = 1024 * 1024;

    // One end of the cable is the Router's, the other nft's: neither reads the other's sets.
    private readonly Cable _cable = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("apt-bench-").FullName;
    private readonly KernelSets _sets;
    private readonly FeedTableKernel _feeds;
    private readonly FeedFiles _files;

    private FeedMeasurement()
    {
        _sets = new KernelSets(new NetlinkExchange(_cable.Near.Run(() => NetlinkSocket.Open(Appliance.Router.Nftables.Libc.NetfilterProtocol))));
        _feeds = new FeedTableKernel(new NftProgram(_cable.Near, TimeProvider.System), _sets);
        _files = new FeedFiles(new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder }), new RunningRole(Role.Router)), NullLogger<FeedFiles>.Instance);
    }

    /// <param name="arguments">Replacements to time; optional.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 11;
        using var measurement = new FeedMeasurement();
        return await measurement.MeasureAsync(rounds);
    }

    public void Dispose()
    {
        _feeds.Dispose();
        _sets.Dispose();
        _cable.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> MeasureAsync(int rounds)
    {
        double[] own = new double[rounds], nft = new double[rounds];
        for (var round = -2; round < 0; round++)
        {
            Prepare(round);
            await TimeOwnAsync();
            TimeNft();
        }

        var before = Resident();
        var most = before;
        for (var round = 0; round < rounds; round++)
        {
            Prepare(round);
            nft[round] = TimeNft();
            own[round] = await TimeOwnAsync();
            most = Math.Max(most, Resident());
        }

        return Report(own, nft, before, most);
    }

    private static int Report(double[] own, double[] nft, double before, double most)
    {
        var (ownMedian, nftMedian, after) = (Median(own), Median(nft), Resident());
        Console.WriteLine("| replacing 50 000 hosts and 50 000 networks | median ms | all runs | ratio | mark |");
        Console.WriteLine("| --- | ---: | --- | ---: | ---: |");
        Write("the Router, from the feed's file into the kernel", own, ownMedian / nftMedian, "1.2");
        Write("nft -f of the same sets, flushed and filled", nft, 1, "-");
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RSS of the Router's process, MiB: {before:0} before, {after:0} after {own.Length} replacements, {most:0} at most; the mark is no growth."));
        return ownMedian <= 1.2 * nftMedian ? 0 : 1;
    }

    private static void Write(string what, double[] times, double ratio, string mark) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {Median(times):0} | {string.Join(", ", times.Select(time => time.ToString("0", CultureInfo.InvariantCulture)))} | {ratio:0.00} | {mark} |"));

    private async Task<double> TimeOwnAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        await _feeds.ReplaceAsync(new FeedLoad(FeedId, () => _files.Read(FeedId).Addresses), [], CancellationToken.None);
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    private double TimeNft()
    {
        var start = TimeProvider.System.GetTimestamp();
        using var child = Process.Start(new ProcessStartInfo(NftProgram.NsenterPath, [$"--net={_cable.Far.Path}", NftProgram.NftPath, "-f", Script]) { UseShellExecute = false })!;
        child.WaitForExit();
        return child.ExitCode == 0
            ? TimeProvider.System.GetElapsedTime(start).TotalMilliseconds
            : throw new InvalidOperationException($"nft ended with {child.ExitCode}.");
    }

    private string Script => Path.Combine(_folder, "script.nft");

    // Each round has other addresses, as a list has from day to day. What this leaves in memory is the same before and after.
    private void Prepare(int round)
    {
        var shift = (uint)(round + 2) % 7;
        var hosts = new UInt128[Half];
        var networks = new AddressSpan[Half];
        for (var place = 0u; place < Half; place++)
        {
            hosts[place] = 0x0B00_0001u + shift + (place * 7);
            networks[place] = new AddressSpan(0x4000_0000u + (place << 9) + (shift << 4), 0x4000_00FFu + (place << 9));
        }

        var addresses = new FeedAddresses(new FamilyAddresses(hosts, networks), FamilyAddresses.None);
        _files.Write(FeedId, new FeedReading(addresses, []));
        File.WriteAllText(Script, Render(hosts, networks));
    }

    private static string Render(UInt128[] hosts, AddressSpan[] networks)
    {
        var text = new StringBuilder("table inet measured {\n set hosts { type ipv4_addr; }\n set networks { type ipv4_addr; flags interval; }\n}\n");
        text.Append("flush set inet measured hosts\nflush set inet measured networks\ntable inet measured {\n set hosts { type ipv4_addr; elements = { ");
        text.AppendJoin(',', hosts.Select(Word)).Append(" } }\n set networks { type ipv4_addr; flags interval; elements = { ");
        text.AppendJoin(',', networks.Select(network => $"{Word(network.First)}-{Word(network.Last)}"));
        return text.Append(" } }\n chain input { type filter hook input priority filter - 10; policy accept; }\n}\n").ToString();
    }

    private static string Word(UInt128 address) => new BlockTarget(TargetKind.Address4, address).ToString();

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    private static double Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / Mebi;
    }
}
