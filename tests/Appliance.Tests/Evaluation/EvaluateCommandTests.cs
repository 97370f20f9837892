using System.CommandLine;
using System.Text.Json;
using Appliance.Commands;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Evaluation;

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
