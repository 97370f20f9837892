using System.Text.Json;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

/// <summary>`appliance train` as a process.</summary>
[Trait("Category", "Slow")]
public sealed class TrainCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_capture_and_its_window_file_give_the_same_model_twice()
    {
        var (first, second, windows) = (_folder.File("1.onnx"), _folder.File("2.onnx"), _folder.File("benign-backscatter.windows.tsv"));

        var fromCapture = await TrainAsync(Recorded("benign-backscatter.pcap"), "--output", first, "--windows", windows, "--format", "json");
        var fromWindows = await TrainAsync(windows, "--output", second);

        Assert.Equal((0, 0), (fromCapture.ExitCode, fromWindows.ExitCode));
        Assert.Equal(await File.ReadAllBytesAsync(first), await File.ReadAllBytesAsync(second));
        var summary = JsonDocument.Parse(fromCapture.Output).RootElement;
        Assert.Equal(
            ["model", "sha256", "captures", "windows", "weights", "threshold", "loss", "seconds"], summary.EnumerateObject().Select(field => field.Name));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(first))), summary.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Of_a_folder_with_a_manifest_only_what_is_benign_is_learned()
    {
        var run = await TrainAsync(Checkout.Traffic, "--output", _folder.File("m.onnx"), "--format", "json");

        Assert.Equal(0, run.ExitCode);
        var benign = File.ReadLines(Path.Combine(Checkout.Traffic, "MANIFEST.tsv")).Count(line => line.Split('\t')[2] is "benign" or "hard-negative");
        Assert.Equal(benign, JsonDocument.Parse(run.Output).RootElement.GetProperty("captures").GetInt32());
    }

    [Fact]
    public async Task Too_little_to_learn_from_fails_with_both_counts_and_leaves_no_file()
    {
        var run = await TrainAsync(Recorded("benign-unknown-names.pcap"), "--output", _folder.File("m.onnx"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("device windows, training takes at least 40", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("m.onnx")));
    }

    [Fact]
    public async Task A_damaged_capture_is_named_and_nothing_is_trained()
    {
        var damaged = _folder.File("cut.pcap");
        await File.WriteAllBytesAsync(damaged, (await File.ReadAllBytesAsync(Recorded("benign-backscatter.pcap")))[..^7]);

        var run = await TrainAsync(damaged, "--output", _folder.File("m.onnx"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cut.pcap", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was trained", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture_that_is_not_there_is_named()
    {
        var run = await TrainAsync("nowhere.pcap", "--output", _folder.File("m.onnx"));

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("nowhere.pcap is not there", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("many")]
    public async Task A_number_of_epochs_out_of_bounds_is_wrong_usage(string epochs)
    {
        var run = await TrainAsync(Recorded("benign-backscatter.pcap"), "--output", _folder.File("m.onnx"), "--epochs", epochs);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(epochs, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_of_two_captures_do_not_go_into_one_file()
    {
        var run = await TrainAsync(
            Recorded("benign-backscatter.pcap"), Recorded("benign-boot.pcapng"), "--output", _folder.File("m.onnx"), "--windows", _folder.File("w.tsv"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--windows keeps the windows of one capture, 2 were given", run.Error, StringComparison.Ordinal);
    }

    private static Task<ApplianceProgram.Result> TrainAsync(params string[] arguments) =>
        ApplianceProgram.RunAsync(["train", .. arguments, .. arguments.Contains("--epochs") ? Array.Empty<string>() : ["--epochs", "10"]]);

    private static string Recorded(string name) => Path.Combine(Checkout.Traffic, name);
}
