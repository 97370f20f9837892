using Appliance.Benchmarks.Blocks;
using Appliance.Benchmarks.Feeds;
using Appliance.Benchmarks.Flashing;
using Appliance.Benchmarks.Inference;
using Appliance.Benchmarks.Live;
using Appliance.Benchmarks.Table;
using BenchmarkDotNet.Running;

// `live`, `block` and `feed` need root; everything else goes to BenchmarkDotNet.
switch (args.FirstOrDefault())
{
    case "live":
        return await LiveMeasurement.RunAsync(args[1..]);
    case "block":
        return await BlockMeasurement.RunAsync(args[1..]);
    case "feed":
        return await FeedMeasurement.RunAsync(args[1..]);
    case "flash":
        return await FlashMeasurement.RunAsync(args[1..]);
    case "flash-board":
        return await BoardProcess.ServeAsync();
    case "infer":
        return await InferenceMeasurement.RunAsync();
    case "table":
        return TableMeasurement.Run(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
