using System.Text.Json;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

/// <summary>`appliance analyze` as a process, by its contract: exit codes, lines, files.</summary>
[Trait("Category", "Slow")]
public sealed class AnalyzeCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Alerts_are_one_object_a_line_and_the_summary_is_the_last()
    {
        var run = await ApplianceProgram.RunAsync("analyze", Recorded("scan-syn-nmap.pcap"), "--format", "json");

        Assert.Equal(0, run.ExitCode);
        var lines = run.Output.TrimEnd().Split('\n');
        var alert = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(
            ["schema", "id", "time", "category", "severity", "source", "destinations", "service", "technique", "confidence", "evidence", "explanation", "action"],
            alert.EnumerateObject().Select(field => field.Name));
        Assert.Equal("scan", alert.GetProperty("category").GetString());
        Assert.Equal("192.168.77.27", alert.GetProperty("source").GetString());
        Assert.Equal("would-block", alert.GetProperty("action").GetString());
        var summary = JsonDocument.Parse(lines[^1]).RootElement;
        Assert.Equal(["packets", "bytes", "flows", "alerts", "seconds"], summary.EnumerateObject().Select(field => field.Name));
        Assert.Equal(lines.Length - 1, summary.GetProperty("alerts").GetInt32());
    }

    [Fact]
    public async Task Alerts_and_flows_go_to_the_files_that_are_named()
    {
        var (alerts, flows) = (_folder.File("a.jsonl"), _folder.File("f.csv"));

        var run = await ApplianceProgram.RunAsync("analyze", Recorded("brute-ssh-hydra.pcapng"), "--alerts", alerts, "--flows", flows, "--format", "json");

        Assert.Equal(0, run.ExitCode);
        var summary = JsonDocument.Parse(Assert.Single(run.Output.TrimEnd().Split('\n'))).RootElement;
        Assert.Contains("\"category\":\"brute-force\"", await File.ReadAllTextAsync(alerts), StringComparison.Ordinal);
        var rows = await File.ReadAllLinesAsync(flows);
        Assert.Equal(
            "community_id,start,end,protocol,source,source_port,destination,destination_port,packets_out,bytes_out,packets_in,bytes_in,state,end_reason", rows[0]);
        Assert.Equal(summary.GetProperty("flows").GetInt64(), rows.Length - 1);
    }

    [Fact]
    public async Task A_benign_capture_ends_well_without_a_loud_alert()
    {
        var run = await ApplianceProgram.RunAsync("analyze", Recorded("benign-operator.pcap"));

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotMatch("\"severity\":\"(medium|high|critical)\"", run.Output);
    }

    [Fact]
    public async Task A_truncated_capture_gives_everything_before_the_fault()
    {
        var bytes = await File.ReadAllBytesAsync(Recorded("scan-syn-nmap.pcap"));
        var cut = _folder.File("cut.pcap");
        await File.WriteAllBytesAsync(cut, bytes[..(bytes.Length / 2)]);

        var run = await ApplianceProgram.RunAsync("analyze", cut, "--format", "json");

        Assert.Equal(1, run.ExitCode);
        var summary = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.True(summary.GetProperty("packets").GetInt64() > 100);
        Assert.Contains("cut.pcap", summary.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public async Task An_empty_file_and_noise_are_refused_in_one_line(int length)
    {
        var path = _folder.File("noise.pcap");
        var noise = new byte[length];
        new Random(7).NextBytes(noise);
        await File.WriteAllBytesAsync(path, noise);

        var run = await ApplianceProgram.RunAsync("analyze", path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Error.TrimEnd().Split('\n'), line => line.Contains(path, StringComparison.Ordinal));
        Assert.True(run.Error.TrimEnd().Split('\n').Length <= 2, run.Error);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var run = await ApplianceProgram.RunAsync("analyze", _folder.File("none.pcap"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("none.pcap", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_claims_four_gigabytes_costs_nothing()
    {
        var hostile = _folder.File("hostile.pcap");
        await using (var writer = new BinaryWriter(File.Create(hostile)))
        {
            foreach (var word in (uint[])[0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1, 0, 0, uint.MaxValue, uint.MaxValue])
            {
                writer.Write(word);
            }
        }

        var run = await ApplianceProgram.RunAsync("analyze", hostile, "--format", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("4294967295", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("analise", "x")]
    [InlineData("analyze")]
    [InlineData("analyze", "x", "--format", "xml")]
    public async Task Wrong_usage_is_exit_code_2(params string[] arguments)
    {
        var run = await ApplianceProgram.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Error);
    }

    private static string Recorded(string name) => Path.Combine(Checkout.Traffic, name);
}
