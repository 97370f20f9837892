using System.CommandLine;
using System.Text.Json;
using Appliance.Commands;
using Appliance.Detector;
using Appliance.Detector.Features;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

[Trait("Category", "Slow")]
public sealed class ModelsCommandTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_model_is_uploaded_activated_and_taken_back()
    {
        await StartAsync();
        var (first, second) = (WriteModel(1), WriteModel(2));

        var (_, uploaded, _) = await RunAsync("admin", "upload", first, "--format", "json", "--reason", "first try");
        var (_, other, _) = await RunAsync("admin", "upload", second, "--format", "json");
        var (code, activated, _) = await RunAsync("admin", "activate", Text(uploaded, "version"), "--format", "json");
        var (_, _, way) = await RunAsync("admin", "activate", Text(other, "id")[..8]);
        var (_, back, _) = await RunAsync("admin", "activate", Text(uploaded, "id"), "--format", "json", "--reason", "zurück");

        Assert.Equal((0, "ready", "active"), (code, Text(uploaded, "state"), Text(activated, "state")));
        Assert.Equal("CPUExecutionProvider", Text(activated, "execution_provider"));
        Assert.Equal($"Before it was {Text(uploaded, "id")}; 'appliance models activate {Text(uploaded, "id")[..8]}' goes back.\n", way);
        Assert.Equal((Text(uploaded, "id"), "active"), (Text(back, "id"), Text(back, "state")));
    }

    [Fact]
    public async Task Models_are_listed_as_a_table_and_shown_with_their_features()
    {
        await StartAsync();
        await RunAsync("admin", "upload", WriteModel(1, "from \u001b[2Ja capture"));
        await RunAsync("admin", "activate", "1");

        var (code, table, _) = await RunAsync("reader", "list");
        var (_, shown, _) = await RunAsync("reader", "show", "--format", "json");

        Assert.Equal(0, code);
        Assert.StartsWith("VERSION  STATE   ID ", table[0], StringComparison.Ordinal);
        Assert.StartsWith("1        active  ", table[1], StringComparison.Ordinal);
        Assert.Contains("CPUExecutionProvider", table[1], StringComparison.Ordinal);
        Assert.EndsWith("from ?[2Ja capture", table[1], StringComparison.Ordinal);
        using var model = JsonDocument.Parse(shown.Single());
        Assert.Equal(FeatureSchema.Count, model.RootElement.GetProperty("features").GetArrayLength());
    }

    [Fact]
    public async Task Refusals_are_one_line_and_exit_code_1()
    {
        await StartAsync();
        var file = WriteModel(1);
        var damaged = _folder.File("damaged.onnx");
        await File.WriteAllBytesAsync(damaged, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..500], TestContext.Current.CancellationToken);

        var reader = await RunAsync("reader", "upload", file);
        var broken = await RunAsync("admin", "upload", damaged);
        var unknown = await RunAsync("admin", "activate", "99");
        var missing = await RunAsync("admin", "upload", _folder.File("none.onnx"));

        Assert.All([reader, broken, unknown, missing], result => Assert.Equal((1, 0, 1), (result.Code, result.Output.Length, result.Error.Count(letter => letter == '\n'))));
        Assert.Contains("PermissionDenied", reader.Error, StringComparison.Ordinal);
        Assert.Contains("InvalidArgument", broken.Error, StringComparison.Ordinal);
        Assert.Contains("0 models are called '99'", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("none.onnx", missing.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upload")]
    [InlineData("activate")]
    [InlineData("list", "--format", "xml")]
    [InlineData("show", "1", "2")]
    public void Wrong_usage_is_found_before_anything_is_asked(params string[] arguments)
    {
        var parsed = ModelsCommand.Create().Parse(arguments);

        Assert.NotEmpty(parsed.Errors);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    private static string Text(string[] lines, string property)
    {
        using var line = JsonDocument.Parse(lines.Single());
        return line.RootElement.GetProperty(property).GetString()!;
    }

    private async Task StartAsync()
    {
        foreach (var kind in (PeerKind[])[PeerKind.Admin, PeerKind.Reader])
        {
            _site.Authority.Issue(PeerIdentity.OfPerson(_site.Authority.Site, kind, "alice"), TimeSpan.FromDays(1), []).Write(_folder.Path, kind.ToString().ToLowerInvariant());
        }

        await File.WriteAllTextAsync(_folder.File("ca.crt"), _site.Authority.CertificatePem, TestContext.Current.CancellationToken);
        await _site.StartAsync(Role.Detector, builder => builder.AddDetector(), app => app.MapDetector());
    }

    private string WriteModel(int seed, string provenance = "made up for a test") => ModelFile.Write(_folder.File($"{seed}.onnx"), seed, provenance);

    private async Task<(int Code, string[] Output, string Error)> RunAsync(string person, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = ModelsCommand.Create().Parse([.. arguments, "--server", _site.Address(Role.Detector).ToString(), "--pki", _folder.Path, "--as", person]);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }
}
