using System.Globalization;
using System.Runtime.InteropServices;
using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Detector.Tests.Models;
using Appliance.Hosting.Identity;
using Appliance.Protos.Kserve.V2;
using Google.Protobuf;
using InferInput = Appliance.Protos.Kserve.V2.ModelInferRequest.Types.InferInputTensor;

namespace Appliance.Benchmarks.Inference;

/// <summary>Rows a second of ModelInfer over mutual TLS, beside ONNX Runtime called in this process, in turns.</summary>
internal static class InferenceMeasurement
{
    private const int Batch = 256;
    private const int Rounds = 5;

    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("apt-bench-").FullName;
        try
        {
            var file = OnnxWriter.Write(SmallModel.Create());
            await using var site = new DetectorSite(folder);
            await site.StartAsync();
            await site.ActivateAsync(file);
            using var scorer = OnnxScorer.Open(file, FeatureSchema.Count, OnnxScorer.Cpu);
            using var channel = site.Connect(PeerKind.Reader);
            var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
            await MeasureAsync(client, scorer, Rounds);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(GRPCInferenceService.GRPCInferenceServiceClient client, OnnxScorer scorer, int rounds)
    {
        var windows = SmallModel.Windows(Batch);
        float[] scores = new float[Batch], rebuilt = new float[windows.Length];
        var request = new ModelInferRequest
        {
            ModelName = "device-windows",
            Inputs = { new InferInput { Name = "windows", Datatype = "FP32", Shape = { Batch, FeatureSchema.Count } } },
            RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(windows)) },
        };
        List<double> inside = [], one = [], two = [];
        for (var round = 0; round <= rounds; round++)
        {
            double[] rates =
            [
                await RateAsync(1, () =>
                {
                    scorer.Score(windows, Batch, scores, rebuilt);
                    return Task.CompletedTask;
                }),
                await RateAsync(1, async () => await client.ModelInferAsync(request)),
                await RateAsync(4, async () => await client.ModelInferAsync(request)),
            ];

            // The first round is to warm up.
            if (round > 0)
            {
                inside.Add(rates[0]);
                one.Add(rates[1]);
                two.Add(rates[2]);
            }
        }

        Console.WriteLine("| batch of 256, client and server on one machine | rows/s (median) | share of in process |");
        Console.WriteLine("| --- | ---: | ---: |");
        Write("ONNX Runtime in process", Median(inside), Median(inside));
        Write("ModelInfer over mutual TLS, one call at a time", Median(one), Median(inside));
        Write("ModelInfer over mutual TLS, four calls at a time", Median(two), Median(inside));
    }

    private static async Task<double> RateAsync(int callers, Func<Task> call)
    {
        var start = TimeProvider.System.GetTimestamp();
        var calls = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            long count = 0;
            for (; TimeProvider.System.GetElapsedTime(start) < RoundTime; count++)
            {
                await call();
            }

            return count;
        })));
        return calls.Sum() * Batch / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Write(string what, double rows, double inside) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {rows:0} | {rows / inside:0.00} |"));
}
