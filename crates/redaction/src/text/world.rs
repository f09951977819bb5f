//! Given names of other languages than English, from general knowledge.

/// Common given names of Europe, Latin America, Africa and Asia.
pub(super) const GIVEN_NAMES_WORLD: &str = "\
Aaliyah Abbas Abdallah Abdel Abdoul Abdulaziz Abdullah Abel Abena Abhishek Achim Adela Adele \
Adelina Adeline Ademola Aditi Aditya Adnan Adolfo Adriano Afonso Agata Agathe Agneta Agnieszka \
Agostino Aidan Aiko Aimee Aino Ajay Ákos Akosua Alain Alan Alba Alberto Aldo Aleksander \
Aleksandra Aleksei Alena Alessandra Alessandro Alessia Alexandre Alexandros Alexei Alfredo \
Aliaksandr Alisha Alois Alonso Álvaro Amadou Amara Amina Aminata Amira Amrita Anaïs Anand \
Anastasia Anders Andrei Andrej Andrés Andrius Andrzej Ane Aneta Angelika Angelo Anil Anja Anjali \
Anke Anneli Annette Annika Ansel Antje Anton Antonella Antoni Antonia Antonina Antti Anush Anwar \
Aoife Arash Archana Ari Ariel Arif Armin Arnaud Arne Arno Arnaldo Artem Arun Arvid Arvind Asha \
Ashok Asif Åsa Astrid Aurelia Aurélie Aurelio Ayaan Ayesha Aylin Ayşe Azra Barbora Bartosz \
Bastian Batuhan Beata Beate Beatriz Benedikt Benito Benoît Berit Bernd Bernhard Bettina Bianca \
Bilal Birgit Birgitta Björn Bjarne Boris Bogdan Borja Bożena Branislav Branka Britta Bruna Bruno \
Camille Carina Carlo Carlota Carmela Carsten Catalina Catarina Catherina Cátia Cécile Céline \
Chandra Chang Chantal Cheng Chiara Chidi Chinedu Chiyo Christa Christel Christelle Christiane \
Christoph Christophe Cian Ciara Clara Claudio Clemens Clément Concetta Consuelo Cornelia Cosimo \
Cristian Cristiano Cristóbal Cyril Dagmar Daisuke Damien Damir Daniele Daria Dariusz Darko \
Davide Davor Deepa Deepak Delphine Demetrius Denis Denisa Diarmuid Dieter Dietrich Dimitra \
Dimitri Dimitrios Dina Dinesh Dirk Divya Dmitry Dominik Dominika Dominique Dorota Dorothea Dörte \
Dragan Dušan Eamon Eduard Edvard Eino Eirik Ekaterina Elke Elif Elin Elina Elisabet Elisabeth \
Elisabetta Élise Elmar Elodie Emeka Emil Émile Emilia Emiliano Emilie Emilio Emine Emre Endre \
Ennio Enzo Erich Erkki Ernesto Ernst Erzsébet Esperanza Esra Esteban Etienne Eugenia Eugenio Eva \
Éva Evgeny Fabian Fabien Fabio Fabrice Fabrizio Faisal Farah Farid Fatou Federica Federico \
Felipe Feng Ferenc Filip Filippo Finn Flavia Flavio Florian Florin Francesca Francesco Franck \
Franco François Françoise Franz Frédéric Frederik Frida Friedrich Fritz Fumiko Gábor Gaëlle \
Gaetano Gaspard Gaurav Geert Georg Georges Georgios Gerd Gerhard Germán Gertrud Ghislaine \
Giacomo Gianluca Gianni Gilles Gintaras Giorgio Giorgos Giovanna Giuliano Giulia Giulio Giuseppe \
Giuseppina Gonzalo Göran Goran Gözde Graciela Grażyna Gregor Grzegorz Gudrun Guido Guillaume \
Gunnar Günter Günther Gustaf Gustav Gustavo György Gyula Habib Hadi Haim Haakon Hakan Håkan \
Halima Hamid Hamza Hanna Hanne Hannelore Hans Harald Hari Haruki Haruto Hasan Heike Heiko Heikki \
Heinrich Heinz Helga Helge Helmut Hendrik Henri Henrik Henrique Henryk Hermann Hideo Hilda Hilde \
Hildegard Hiroko Horacio Horst Hossein Hubert Hugues Huda Huseyin Hussein Ibtisam Ida Ieva \
Ignacy Igor Ikram Ilaria Ilya Ilse Imran Imre Inés Inge Inger Ingo Ingolf Ingrid Inka Irena \
Irina Isabelle Ishaan Ismael Ismail István Ivana Ivo Iwona Jacek Jaakko Jacques Jadwiga Jakob \
Jakub Jana János Janez Janina Janne Jannik Janusz Jari Jaromír Jarosław Jasper Jasmin Jaroslav \
Javed Jelena Jens Jerzy Jeroen Jesús Jiří Jitka Joachim João Joaquim Jochen Johan Johann \
Johannes Jolanta Jonas Jorma Jörg Josef Josefa Josefina József Jovan Józef Jukka Jules Julien \
Juliette Julius Jürgen Juri Jussi Jutta Kacper Kadir Kai Kaja Kamil Kamila Karim Karin Karina \
Karol Karolina Kaspar Kasper Katarina Katarzyna Kateřina Kathrin Katja Kavita Kazuko Keiko Kemal \
Kerstin Khadija Khaled Kiran Kirsi Kirsten Kjell Klara Klaus Knut Kofi Konrad Konstantin \
Konstantinos Krishna Kristian Kristina Kristof Krystyna Krzysztof Kwabena Kwame Ladislav Laila \
Lamine Lars Lasse László Latifa Laurens Laurent Lavinia Leandro Leif Léa Leila Lennart Léo \
Leonardo Leonid Leonor Leopold Leszek Libor Lidia Lídia Liisa Ling Linh Lino Lionel Livia \
Ljubica Lorenzo Lothar Lotte Luc Luca Lucca Luciano Lucie Lucien Lucjan Ludovic Ludwig Luigi \
Luisa Luís Lukáš Lukas Łukasz Luuk Lyudmila Maciej Magda Magdalena Magnus Mahmoud Maja Maksim \
Małgorzata Malte Mamadou Manfred Manoj Manon Manuela Mara Marcel Marcello Marcelo Marcin Marek \
Margarete Margherita Margit Margot Mariam Mariana Marianne Mariano Marija Marika Mariko Marin \
Marina Marisol Marit Markus Marta Márta Martina Martín Martyna Masako Massimo Mateusz Mathias \
Mathieu Mathilde Mats Matteo Matthias Mattia Maurizio Mauro Maximilian Mehdi Mehmet Meera Mehmed \
Melita Merja Mette Michaela Michał Michel Michela Michele Mihai Mika Mikael Mikhail Mikko Milan \
Milena Miloš Mina Ming Mira Mirjam Miroslav Mohan Mohammed Mohsin Moritz Morten Moussa Mustafa \
Nabil Nada Nadège Nadine Naoki Narendra Natalya Natasja Nathalie Neha Nela Nelly Nena Nerea \
Ngozi Nicola Nicolas Nicoleta Nicolò Niels Niklas Nikola Nikolai Nikolaos Nikos Nils Nisha Nitin \
Nnamdi Norbert Noriko Nouria Nuno Nuria Nwando Odile Ola Olaf Olav Ole Oleg Olena Olga Olivier \
Olof Ondřej Oriol Orsolya Oskar Osman Otto Outi Øystein Paavo Paola Paolo Paolina Pascal Patrice \
Patricio Patrik Patrizia Paulina Paulo Pavel Paweł Pekka Péter Petar Peter Petr Petra Philippe \
Philipp Pia Pierangelo Pieter Pietro Pilar Piotr Pooja Pradeep Prakash Pranav Predrag Przemysław \
Rachid Radek Radka Rafał Raffaele Rainer Raisa Rajiv Ralf Ramesh Rania Rasmus Raúl Régis \
Reinhard Reinhold Renata Renato Renate René Reza Riccardo Rikard Ritva Roberta Roberto Rocco \
Rodrigo Rohit Roland Rolando Rolf Romain Romana Romeo Rosanna Rosario Rosina Rossana Rubén \
Rudolf Rui Ruslan Rustam Ryszard Saad Sabine Sachin Saeed Saida Sakura Salma Salman Salome \
Salvatore Samira Sanna Sándor Sandrine Sanja Santino Saori Saskia Satoshi Savannah Sebastián \
Sébastien Selim Selma Sergei Sergey Serge Serhiy Severin Shakira Shanti Shigeru Shinji Shreya \
Siddharth Siegfried Sigrid Sigurd Silvana Silvio Simona Simone Sini Siobhán Sławomir Slobodan \
Snežana Sofie Solène Soledad Søren Soraya Soumya Srinivas Stanislav Stanisław Stefan Stefania \
Stefanie Stefano Steffen Stephan Stéphane Stephanie Sunil Susanna Susanne Suresh Svetlana Svein \
Sylvain Sylvie Szymon Tadeusz Takashi Takeshi Tamás Tancredi Tarek Tariq Tatiana Teemu Tereza \
Tero Theo Thierry Thiago Thorsten Thuy Tiago Tibor Timo Timur Tobias Tomás Tomáš Tomasz Tomislav \
Torben Torsten Tova Tuan Tuomas Turgut Ulf Ulla Ulrich Ulrika Ulrike Umar Urs Ursula Uta Ute \
Václav Valentin Valentina Valentino Valeria Vasil Vasily Věra Vera Veronika Vesna Viktor \
Viktoria Vikram Vilma Vincenzo Vinod Viorel Virginie Vishal Vito Vittoria Vittorio Vivek \
Vladislav Vlad Vojtěch Volker Vytautas Waldemar Walid Walther Werner Wiebke Wiktor Wilfried \
Wilhelm Willem Wim Władysław Włodzimierz Wojciech Wolfgang Xavi Ximena Xin Yan Yannick Yannis \
Yara Yasin Yasmin Yasuko Yevgeny Ying Yolande Yoko Yoshiko Youssef Yuko Yuri Yusef Yvan Zahra \
Zainab Zbigniew Zdeněk Zeynep Zhang Zofia Zoltán Zoran Zsófia Zsolt Zuzana Timmy Stan Lizzy \
Ronnie Marty Archie Gus Hank Millie Nellie Ollie Tess Trudy Vince Walt Zach Zack Jayden Aubrey \
Harper Mila Luna Ellie Nora Zoey Stella Leah Willow Skylar Everly Kinsley Naomi Kennedy Piper \
Quinn Nevaeh Sadie Hadley Kaylee Jasmine Easton Carter Jaxon Lincoln Asher Grayson Landon Hudson \
Colton Brayden Gage Tristan Tucker Bentley Trenton Kaiden Hayden Peyton Reagan Delilah";
