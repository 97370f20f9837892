using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Appliance.Detector.Features;
using Appliance.Detector.Tests.Models;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Detector.Tests.Inference;

/// <summary>Clients that this project did not make, scoring over mutual TLS.</summary>
public sealed class ForeignClientTests
{
    // Debian's interpreter is the one that has Debian's packages, whatever stands before it on the PATH.
    private const string Python = "/usr/bin/python3";
    private const int Rows = 40;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plain_python_grpcio_agrees_with_the_plain_scorer()
    {
        var modules = await RunAsync(Python, "", "-c", "import grpc, google.protobuf");
        Assert.SkipWhen(modules.Code != 0, $"python3-grpcio or python3-protobuf is missing; ./test installs both. {modules.Error}");
        var (site, network, _) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        using var pki = Pki(site.Site);
        var windows = SmallModel.Windows(Rows);
        var (scores, rebuilt) = Agreement.Expected(network, windows);

        var (code, output, error) = await RunAsync(
            Python,
            JsonSerializer.Serialize(new Dictionary<string, object> { ["windows"] = windows.Chunk(FeatureSchema.Count) }),
            Path.Combine(Checkout.Root, "tests", "clients", "kserve_client.py"),
            $"localhost:{site.Site.Ports[Role.Detector]}",
            pki.File("ca.crt"),
            pki.File("reader.crt"),
            pki.File("reader.key"));

        Assert.True(code == 0, error);
        using var answer = JsonDocument.Parse(output);
        var root = answer.RootElement;
        Assert.All(["live", "ready", "model_ready"], name => Assert.True(root.GetProperty(name).GetBoolean()));
        Assert.Equal($$"""[["windows", "FP32", [-1, {{FeatureSchema.Count}}]]]""", root.GetProperty("inputs").GetRawText());
        Assert.Equal($$"""[["score", "FP32", [-1]], ["reconstruction", "FP32", [-1, {{FeatureSchema.Count}}]]]""", root.GetProperty("outputs").GetRawText());
        Assert.Equal("""["raw", "typed"]""", root.GetProperty("ids").GetRawText());
        Assert.StartsWith("INVALID_ARGUMENT: inputs[0].datatype: is 'INT8', 'windows' takes 'FP32'", root.GetProperty("refusal").GetString(), StringComparison.Ordinal);
        foreach (var form in (string[])["raw", "typed"])
        {
            Agreement.Check(scores, Floats(root.GetProperty(form).GetProperty("score")));
            Agreement.Check(rebuilt, Floats(root.GetProperty(form).GetProperty("reconstruction")));
        }
    }

    [Fact]
    public async Task Buf_curl_agrees_with_the_plain_scorer()
    {
        var buf = Environment.GetEnvironmentVariable("APPLIANCE_BUF");
        Assert.SkipWhen(string.IsNullOrEmpty(buf), "APPLIANCE_BUF names no buf binary; ./test sets it.");
        var (site, network, model) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        using var pki = Pki(site.Site);
        var windows = SmallModel.Windows(Rows);
        var (scores, _) = Agreement.Expected(network, windows);
        var bytes = Convert.ToBase64String(MemoryMarshal.AsBytes(windows.AsSpan()));
        var rows = windows.Chunk(FeatureSchema.Count).Select(row => $$"""{"features":[{{string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}}]}""");

        using var inferred = await CurlAsync(
            site.Site, buf!, pki, "inference.GRPCInferenceService/ModelInfer",
            $$"""{"model_name":"device-windows","inputs":[{"name":"windows","datatype":"FP32","shape":[{{Rows}},{{FeatureSchema.Count}}]}],"outputs":[{"name":"score"}],"raw_input_contents":["{{bytes}}"]}""");
        using var scored = await CurlAsync(
            site.Site, buf!, pki, "appliance.inference.v1.InferenceService/ScoreWindows",
            $$"""{"schema_version":1,"windows":[{{string.Join(',', rows)}}]}""");

        var raw = Convert.FromBase64String(inferred.RootElement.GetProperty("rawOutputContents")[0].GetString()!);
        Agreement.Check(scores, MemoryMarshal.Cast<byte, float>(raw));
        Agreement.Check(scores, [.. scored.RootElement.GetProperty("scores").EnumerateArray().Select(score => score.GetProperty("value").GetSingle())]);
        Assert.Equal(model.Id, scored.RootElement.GetProperty("modelId").GetString());
    }

    private static TempFolder Pki(TestSite site)
    {
        var folder = new TempFolder();
        site.Authority.Issue(PeerIdentity.OfPerson(site.Authority.Site, PeerKind.Reader, "alice"), TimeSpan.FromDays(1), []).Write(folder.Path, "reader");
        File.WriteAllText(folder.File("ca.crt"), site.Authority.CertificatePem);
        return folder;
    }

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];

    private static async Task<JsonDocument> CurlAsync(TestSite site, string buf, TempFolder pki, string method, string request)
    {
        var (code, output, error) = await RunAsync(
            buf, request, "curl", "--protocol", "grpc", "--cacert", pki.File("ca.crt"), "--cert", pki.File("reader.crt"), "--key", pki.File("reader.key"),
            "-d", "@-", $"{site.Address(Role.Detector)}{method}");
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, string input, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is missing; ./test installs it.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = process.StandardError.ReadToEndAsync(Token);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await error);
    }
}
