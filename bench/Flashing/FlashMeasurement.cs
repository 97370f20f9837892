using System.Globalization;
using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;

namespace Appliance.Benchmarks.Flashing;

/// <summary>P9: a slot flashed through a simulated board in another process, in turns with curl uploading the same file to it.</summary>
internal static class FlashMeasurement
{
    private const int Mebi = 1024 * 1024;

    /// <param name="arguments">Size of the image in MiB, and how many rounds count.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var mebibytes = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 64;
        var rounds = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 5;
        var folder = Directory.CreateTempSubdirectory("apt-bench-").FullName;
        try
        {
            await using var board = await BoardProcess.StartAsync();
            var file = Path.Combine(folder, "disk.img");
            await using var program = await FlashProgram.StartAsync(board, folder);
            var image = await program.AddAsync(file, (long)mebibytes * Mebi);
            List<double> curl = [], sending = [], whole = [];
            for (var round = 0; round <= rounds; round++)
            {
                var one = await board.CurlAsync(file, image);
                var (sent, all) = await program.FlashAsync(image);

                // The first round is to warm up.
                if (round > 0)
                {
                    curl.Add(one);
                    sending.Add(sent);
                    whole.Add(all);
                }
            }

            Write(mebibytes, Median(curl), Median(sending), Median(whole));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(int mebibytes, double curl, double sending, double whole) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {mebibytes} | {mebibytes / curl:0} | {mebibytes / sending:0} | {curl / sending:0.00} | {mebibytes / whole:0} | {curl / whole:0.00} | {PeakResident():0} |"));

    // VmHWM of proc(5): the most that was resident since the process began.
    private static double PeakResident() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
