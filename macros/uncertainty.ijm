// Denoises one image several times: saves the mean, and the standard deviation per pixel as a measure of how sure it is.
//
// Argument: INPUT,MEAN,SD,SAMPLES,STEPS. Without it, Sumi's example is denoised, as seen from Sumi's folder; that takes minutes.
// Runs in Fiji, in plain ImageJ 1.54 with Sumi's all-jar, and headless.

setBatchMode(true);
argument = getArgument();
if (argument == "") argument = "models/nuclei/example.tif,mean.tif,sd.tif,8,20";
values = split(argument, ",");
if (values.length != 5) exit("The argument is \"" + argument + "\"; it must be INPUT,MEAN,SD,SAMPLES,STEPS.");
if (!File.exists(values[0])) exit("There is no file " + values[0] + ".");
for (i = 1; i <= 2; i++) {
	if (File.exists(values[i])) exit(values[i] + " exists already; move it, or choose another output.");
}

open(values[0]);
original = getTitle();
name = replace(original, "(?i)\\.tiff?$", "");
if (isOpen(name + "-denoised") || isOpen(name + "-sd") || isOpen(name + "-residual")) exit("Close the results of " + name + " first, or new ones will have other titles.");
run("DDPM Denoise...", "model=fluorescence noise=auto mode=uncertainty samples=" + values[3] + " steps=" + values[4] + " seed=1");
results = newArray(name + "-denoised", name + "-sd");
for (i = 0; i < 2; i++) {
	selectImage(results[i]);
	saveAs("Tiff", values[i + 1]);
	close();
}
// what was taken away, which should look like the noise: not saved here
selectImage(name + "-residual");
close();
selectImage(original);
close();
print("Saved " + values[1] + " and " + values[2]);
