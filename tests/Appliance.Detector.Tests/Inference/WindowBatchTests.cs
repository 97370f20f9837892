using Appliance.Detector.Inference;

namespace Appliance.Detector.Tests.Inference;

public sealed class WindowBatchTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void The_first_value_that_is_not_finite_is_found_wherever_it_is(float odd)
    {
        for (var length = 1; length < 40; length++)
        {
            for (var at = 0; at < length; at++)
            {
                var values = new float[length];
                values[at] = odd;
                values[^1] = odd;

                Assert.Equal(at, WindowBatch.FirstNotFinite(values));
            }
        }
    }

    [Fact]
    public void The_largest_and_smallest_numbers_are_finite()
    {
        float[] values = [float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 0, -0f, 1, -1, float.MaxValue];

        Assert.Equal(-1, WindowBatch.FirstNotFinite(values));
        Assert.Equal(-1, WindowBatch.FirstNotFinite([]));
    }

    [Fact]
    public void A_window_that_is_not_taken_leaves_its_place_to_the_next()
    {
        using var batch = new WindowBatch(features: 2, capacity: 2);

        batch.Next.Fill(1);
        batch.Next.Fill(2);
        batch.Take();
        batch.Next.Fill(3);
        batch.Take();

        Assert.Equal([2, 2, 3, 3], batch.Values);
    }
}
