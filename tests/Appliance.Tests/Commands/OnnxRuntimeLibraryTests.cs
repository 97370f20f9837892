using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Inference.V1;
using Appliance.Tests.Shared;
using Grpc.Core;

namespace Appliance.Tests.Commands;

/// <summary>A process has one ONNX Runtime for its whole life, so each of these needs one of its own.</summary>
[Trait("Category", "Slow")]
public sealed class OnnxRuntimeLibraryTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();
    private Process? _detector;

    [Fact]
    public async Task Without_the_native_library_the_plain_scorer_runs_the_model()
    {
        var provider = await ProviderAsync(_folder.File("libmissing.so"));

        Assert.Equal("plain", provider);
    }

    [Fact]
    public async Task A_library_that_is_named_is_the_one_that_runs_it()
    {
        var own = _folder.File("libsite-built.so");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", "libonnxruntime.so"), own);

        var provider = await ProviderAsync(own);

        var loaded = await File.ReadAllTextAsync($"/proc/{_detector!.Id}/maps", TestContext.Current.CancellationToken);
        Assert.Equal("CPUExecutionProvider", provider);
        Assert.Contains(own, loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("/libonnxruntime.so", loaded, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_detector is { } detector)
        {
            detector.Kill();
            await detector.WaitForExitAsync(CancellationToken.None);
            detector.Dispose();
        }

        await _site.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Starts the real program with this library, uploads a model and activates it.</summary>
    private async Task<string> ProviderAsync(string library)
    {
        _site.Authority.Issue(PeerIdentity.OfPerson(_site.Authority.Site, PeerKind.Admin, "alice"), TimeSpan.FromDays(1), []).Write(_folder.Path, "admin");
        await File.WriteAllTextAsync(_folder.File("ca.crt"), _site.Authority.CertificatePem, TestContext.Current.CancellationToken);
        // Writes the role's files and its configuration; the host itself is not wanted here.
        _site.Builder(Role.Detector);
        await StartAsync(Path.Combine(Path.GetDirectoryName(_site.State)!, "detector.json"), library);
        await RunAsync("upload", ModelFile.Write(_folder.File("model.onnx"), seed: 1));
        using var activated = JsonDocument.Parse(await RunAsync("activate", "1"));
        return activated.RootElement.GetProperty("execution_provider").GetString()!;
    }

    private async Task StartAsync(string configuration, string library)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "appliance.dll"), "run", "--role", "detector", "--config", configuration])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["APPLIANCE__DETECTOR__ONNXRUNTIMELIBRARY"] = library;
        _detector = Process.Start(start)!;
        _detector.BeginErrorReadLine();
        _detector.BeginOutputReadLine();
        var models = new InferenceService.InferenceServiceClient(_site.Channel(Role.Detector, _site.Person(PeerKind.Reader)));
        using var deadline = new CancellationTokenSource(Deadline);
        await models.ListModelsAsync(new ListModelsRequest(), new CallOptions(cancellationToken: deadline.Token).WithWaitForReady());
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = ModelsCommand.Create().Parse([.. arguments, "--format", "json", "--server", _site.Address(Role.Detector).ToString(), "--pki", _folder.Path, "--as", "admin"]);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        Assert.True(code == 0, error.ToString());
        return output.ToString();
    }
}
