using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Appliance.Commands;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

[Trait("Category", "Slow")]
public sealed class BoardCommandTests
{
    [Fact]
    public async Task Simulated_board_answers_with_its_password_until_it_is_ended()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("password"), "turing\n", TestContext.Current.CancellationToken);
        var port = FreePorts.Take();
        using var output = new AnnouncedWriter();
        using var end = new CancellationTokenSource();
        var run = BoardCommand.Create()
            .Parse(["simulate", "--profile", "2.3.7", "--listen", $"127.0.0.1:{port}", "--password", folder.File("password")])
            .InvokeAsync(new InvocationConfiguration { Output = output, ProcessTerminationTimeout = null }, end.Token);

        var fingerprint = await output.FingerprintAsync();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == fingerprint },
        });
        using var logIn = await client.PostAsync(
            new Uri($"https://127.0.0.1:{port}/api/bmc/authenticate"),
            new StringContent("""{"username":"root","password":"turing"}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
        await end.CancelAsync();

        Assert.Equal(HttpStatusCode.OK, logIn.StatusCode);
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task Missing_password_file_is_exit_code_1_with_its_path()
    {
        using var error = new StringWriter();

        var code = await BoardCommand.Create()
            .Parse(["simulate", "--password", "/nonexistent/password"])
            .InvokeAsync(new InvocationConfiguration { Error = error }, TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Contains("password file /nonexistent/password", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No board profile is called \"9\"; the profiles are 2.3.7, 2.3.4, 2.0.5, v1.", "--profile", "9", "--password", "x")]
    [InlineData("\"nowhere\" is no address and port; write for example 127.0.0.1:8443.", "--listen", "nowhere", "--password", "x")]
    [InlineData("\"127.0.0.1\" is no address and port; write for example 127.0.0.1:8443.", "--listen", "127.0.0.1", "--password", "x")]
    [InlineData("\"tired\" is no fault; there are drop-upload=N, stall-upload=N, kill-write=N, kill-verify=N, kill-after-flashes=N, dead-time=N, restart-after=N, flash-speed=N, usb-failures=N, verify-failures=N, firmware-failures=N, silent, default-password, expired-certificate.", "--fault", "tired", "--password", "x")]
    [InlineData("Option '--password' is required.", "--profile", "2.3.7")]
    public void Wrong_usage_says_what_is_right(string message, params string[] arguments)
    {
        var parsed = BoardCommand.Create().Parse(["simulate", .. arguments]);

        Assert.Equal([message], parsed.Errors.Select(error => error.Message));
    }

    [Fact]
    public void Faults_may_be_given_several_times()
    {
        var parsed = BoardCommand.Create().Parse(
            ["simulate", "--profile", "v1", "--listen-http", "127.0.0.1:0", "--fault", "drop-upload=5", "--fault", "silent", "--password", "x"]);

        Assert.Empty(parsed.Errors);
    }

    /// <summary>Tells when the board has said that it is there.</summary>
    private sealed class AnnouncedWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _fingerprint = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FingerprintAsync() => _fingerprint.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        public override Task WriteLineAsync(string? value)
        {
            if (value?.StartsWith("Certificate SHA-256 ", StringComparison.Ordinal) == true)
            {
                _fingerprint.TrySetResult(value["Certificate SHA-256 ".Length..]);
            }

            return base.WriteLineAsync(value);
        }
    }
}
