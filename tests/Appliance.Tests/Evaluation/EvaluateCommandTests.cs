using System.CommandLine;
using System.Text.Json;
using Appliance.Commands;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Evaluation;

[Trait("Category", "Slow")]
public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void Each_capture_is_one_object_and_the_total_comes_last()
    {
        WriteManifest("scan-syn-nmap.pcap\tattack\tscan", "benign-boot.pcapng\tquiet\tbenign");

        var code = Run("--format", "json");

        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal((0, 3), (code, lines.Length));
        Assert.Equal(["file", "expect", "detected", "category", "time_to_detect_seconds", "false_alarms", "baselines"], Names(lines[0]));
        Assert.Equal(["rate", "new_destination", "zeek"], Names(lines[0].GetProperty("baselines")));
        Assert.Equal("scan", lines[0].GetProperty("category").GetString());
        Assert.False(lines[1].GetProperty("detected").GetBoolean());
        var total = lines[2].GetProperty("total");
        Assert.Equal((2, 1, 1), (total.GetProperty("captures").GetInt32(), total.GetProperty("attacks").GetInt32(), total.GetProperty("detected").GetInt32()));
    }

    [Fact]
    public void Total_tells_how_soon_attacks_are_called()
    {
        WriteManifest("scan-syn-nmap.pcap\tattack\tscan", "flood-syn-hping3.pcap\tattack\tflood");

        Run("--format", "json");

        var total = Total();
        var rows = total.GetProperty("time_to_detect").EnumerateArray().ToArray();
        Assert.Equal(["scan", "flood"], rows.Select(row => row.GetProperty("category").GetString()));
        Assert.Equal(["failed contacts", "seconds"], rows.Select(row => row.GetProperty("unit").GetString()));
        Assert.All(rows, row => Assert.Equal(1, row.GetProperty("captures").GetInt32()));
        Assert.Equal(JsonValueKind.Null, total.GetProperty("windows").ValueKind);
    }

    [Fact]
    public void Total_tells_the_share_of_attacked_windows_found_over_benign_traffic()
    {
        const string Window = "2026-11-24T15:31:36.432253Z..2026-11-24T15:31:44.942550Z";
        File.Copy(Path.Combine(Checkout.Traffic, "scan-worm-nmap.pcapng"), _folder.File("scan-worm-nmap.pcapng"));
        File.Copy(Path.Combine(Checkout.Traffic, "benign-boot.pcapng"), _folder.File("benign-boot.pcapng"));
        File.WriteAllLines(
            _folder.File("MANIFEST.tsv"),
            [
                "file\tlabel\texpect\tattacker\ttime_window",
                $"scan-worm-nmap.pcapng\tworm\tscan\t192.168.77.28\t{Window}",
                "benign-boot.pcapng\tquiet\tbenign\t-\t-",
            ]);

        Run("--format", "json");

        var windows = Total().GetProperty("windows");
        var rows = windows.GetProperty("overlays").EnumerateArray().ToArray();
        Assert.Equal("benign-boot.pcapng", windows.GetProperty("bed").GetString());
        Assert.Equal(["0.01", "0.05", "0.5", "null"], rows.Select(row => row.GetProperty("share").GetRawText()));
        Assert.All(rows, row => Assert.InRange(row.GetProperty("appliance").GetDouble(), 0, 1));
        Assert.Equal(1, rows[^1].GetProperty("appliance").GetDouble());
    }

    [Fact]
    public void Missing_capture_is_named_and_the_rest_goes_on()
    {
        WriteManifest("gone.pcap\tattack\tscan", "benign-boot.pcapng\tquiet\tbenign");

        var code = Run();

        Assert.Equal(1, code);
        Assert.Contains("gone.pcap", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("benign-boot.pcapng", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_capture_is_judged_by_what_could_be_read()
    {
        var whole = File.ReadAllBytes(Path.Combine(Checkout.Traffic, "scan-syn-nmap.pcap"));
        File.WriteAllBytes(_folder.File("cut.pcap"), whole[..(whole.Length - 5)]);
        WriteManifest("cut.pcap\tattack\tscan");

        var code = Run("--format", "json");

        Assert.Equal(1, code);
        Assert.Contains("cut.pcap", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"detected\":true", _output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }

    private JsonElement Total() => JsonDocument.Parse(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement.GetProperty("total");

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private void WriteManifest(params string[] rows)
    {
        foreach (var file in rows.Select(row => row.Split('\t')[0]).Where(file => File.Exists(Path.Combine(Checkout.Traffic, file))))
        {
            File.Copy(Path.Combine(Checkout.Traffic, file), _folder.File(file));
        }

        File.WriteAllLines(_folder.File("MANIFEST.tsv"), ["file\tlabel\texpect", .. rows]);
    }

    private int Run(params string[] options) => new RootCommand { EvaluateCommand.Create() }
        .Parse(["evaluate", _folder.File("MANIFEST.tsv"), .. options])
        .Invoke(new InvocationConfiguration { Output = _output, Error = _error, EnableDefaultExceptionHandler = false });
}
