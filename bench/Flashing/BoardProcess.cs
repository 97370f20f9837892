using System.Diagnostics;
using System.Globalization;
using Appliance.Bmc.Board;
using Appliance.Bmc.Images;
using Appliance.Bmc.Simulation;

namespace Appliance.Benchmarks.Flashing;

/// <summary>A simulated board in a process of its own, so that its memory and its work are not the client's.</summary>
internal sealed class BoardProcess : IAsyncDisposable
{
    private const string User = "root";
    private const string Password = "bench";

    private readonly Process _process;

    private BoardProcess(Process process, BoardEndpoint endpoint) => (_process, Endpoint) = (process, endpoint);

    public BoardEndpoint Endpoint { get; }

    /// <summary>The process itself: tells where it is and answers until its input ends.</summary>
    public static async Task<int> ServeAsync()
    {
        var options = new SimulatorOptions
        {
            Profile = BoardProfiles.All[0],
            Password = Password,
            Certificate = BoardCertificate.CreateQuickly(TimeProvider.System),
            Pace = 0,
        };
        await using var board = await SimulatedBoard.StartAsync(options, TimeProvider.System, CancellationToken.None);
        Console.WriteLine($"{board.Address} {board.Fingerprint}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static async Task<BoardProcess> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], "flash-board"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var words = (await process.StandardOutput.ReadLineAsync() ?? "").Split(' ');
        return new BoardProcess(process, new BoardEndpoint(new Uri(words[0]), words[1], BoardCredential.Known(User, Password), Simulated: true));
    }

    /// <summary>Seconds that curl takes to upload the file.</summary>
    public async Task<double> CurlAsync(string file, Image image)
    {
        var begun = await RunAsync($"{Endpoint.Address}api/bmc?opt=set&type=flash&node=0&file=disk.img&length={image.Bytes}&sha256={image.RawSha256}");
        var handle = new string([.. begun.Where(char.IsAsciiDigit)]);
        var start = TimeProvider.System.GetTimestamp();
        await RunAsync("-f", "-F", $"file=@{file}", string.Create(CultureInfo.InvariantCulture, $"{Endpoint.Address}api/bmc/upload/{handle}"));
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        while (!(await RunAsync($"{Endpoint.Address}api/bmc?opt=get&type=flash")).Contains("Done", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return seconds;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("curl", ["-sk", "-u", $"{User}:{Password}", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var curl = Process.Start(start)!;
        var output = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return curl.ExitCode == 0 ? output : throw new InvalidOperationException($"curl ended with {curl.ExitCode}: {output}");
    }
}
